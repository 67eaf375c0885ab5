"""Laws that every finished log must obey: found over its rows and the stocktaking at its end, never in the model."""
