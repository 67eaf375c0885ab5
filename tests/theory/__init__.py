"""Exact answers by independent code, and the same model code run on textbook scenario files."""
