"""From ranked passages to an answer: citations with checked quotes, and checks of quotations.
Nothing leaves this folder that is not, to the character, in an article."""
