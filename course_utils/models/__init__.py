"""The networks of the lessons, with the settings that train them."""
