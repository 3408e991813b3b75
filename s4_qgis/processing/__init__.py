"""The Processing provider: every job of the engine as an algorithm."""
