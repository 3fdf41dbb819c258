"""The site: what answers, what starts and stops, what the command line says."""
