"""Studies: a question each, answered from many runs of variants of one scenario."""
