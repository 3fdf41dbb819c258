"""Who is away, who stands in."""
