"""Training of models. The files, in reading order:

fit         `fit`: a model learns from examples, batch by batch
passes      the forward and the backward pass of a batch, on a new graph or on a lifted program
vectors     arithmetic on lists of numbers, with NumPy or without
optimizers  gradient descent: SGD and Adam
history     the record of a training, epoch by epoch
diagnosis   the reasons why a training taught a model nothing
"""
