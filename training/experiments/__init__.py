"""What was tried to map crops from few parcels, each try measured anew on simulated areas."""
