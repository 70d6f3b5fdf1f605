"""What tests stand on: communities, people and their papers, made through the services themselves."""
