"""Stories: one file per capability, with worker, pages and phones."""
