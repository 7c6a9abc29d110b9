"""What models learn to imitate: 2-D distributions (`targets`), handwritten digits (`digits`)."""
