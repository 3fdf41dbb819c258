"""Files: uploads that survive, hostile content, who sees what, erasing."""
