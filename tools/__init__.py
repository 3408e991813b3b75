"""Set-up of the development environment and its pins. No part of the engine or the plugin."""
