"""Training: self-supervised pretraining and learning from parcels."""
