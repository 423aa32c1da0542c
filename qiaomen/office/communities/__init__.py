"""The communities and grids of a site: a new site makes its own on a page."""
