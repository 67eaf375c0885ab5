"""An audit of every claim of the article: run, judged, and put to six tests that it could fail."""
