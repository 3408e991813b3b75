"""The paper's tables and figures, each system trained through the same data and schedule."""
