"""The office web shell: base template, 今天 page, search box, error pages."""
