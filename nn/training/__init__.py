"""Training; in reading order:

fit         fit: a model learns from examples, batch by batch
passes      both passes for a batch: the graph built anew, or the program it stands for
vectors     numbers side by side, with NumPy or without
optimizers  gradient descent: SGD, Adam
history     what each epoch gave
diagnosis   why a training taught a model nothing
"""
