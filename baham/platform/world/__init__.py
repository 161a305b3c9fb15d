"""What the fictional world is told with, by the demonstration and by each measure: its calendar, parties elsewhere."""
