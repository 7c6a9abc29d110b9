"""pytest for the whole course: nbval with the course's rules (see the plugin)."""

pytest_plugins = ["course_utils.publishing.nbval_plugin"]
