"""What remains of a web page in its text: menus, bylines, credits, teasers.
These rules separate the article from them and read the fields that they carry."""
