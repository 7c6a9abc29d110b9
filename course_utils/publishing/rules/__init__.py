"""The rules of ``check``: one module for each subject; every function yields violations."""
