"""The coded entries of a level-3 body, as the CI-SIS, PCC and laboratory profiles shape them."""
