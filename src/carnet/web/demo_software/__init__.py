"""The doctor's software of the demonstration, and an app that it opens: what an integrator builds."""
