"""Mistakes in backward passes that people published, each rewritten in our own code; `CASES` has all of them.

nets                   networks of two layers, for several mistakes
table_rows             the rows of the table in the design
networks_by_rows       plain networks, an example per row
networks_by_columns    plain networks, an example per column; activations
regression             linear and logistic regression, penalties, support vector machines
softmaxes              softmax, its logarithm, cross-entropy
normalisation          batch, layer, RMS and L2 normalisation
recurrent              recurrent networks and LSTMs
images                 convolutions and pooling
tokens                 embeddings, word2vec, attention, residual blocks, factors
costs                  costs of other kinds, and dropout
autoencoders           tied weights, sparsity
operations             single operations, kernels, a differential equation
arrangements           heads, steps and parts in a wrong order; clipped gradients, masks in place, smoothed labels

Held out: collected without a look at the search that explains mistakes, to tell how many it explains that it was not
built for. An address is of a page on the mistake, or on one of its kind in another layer.

held_out_nets          networks in loops, classes and dicts
held_out_activations   activations, gates, single operations
held_out_costs         costs, regression, likelihoods, factors, word vectors
held_out_layers        normalisation, dropout, residual sums, normalised weights
held_out_sequences     plain recurrent networks, LSTMs, GRUs
held_out_images        convolutions and pooling
held_out_tokens        attention, positions, tied embeddings, gated layers
held_out_margins       hinges, labels of ±1, weights of classes, distances, contrasts
held_out_generators    overlaps, VAEs, GANs, sparse codes, policies, word vectors
held_out_factors       factors of items and features, kernels, robust costs
held_out_rankings      survival times, implicit feedback, an intercept that is not penalised
held_out_forms         networks and costs number by number, in lists, example by example
held_out_plain         example by example, stores in place, words drawn as negatives
held_out_channels      convolutions in groups, upsampling, boxes, segmentation, layers across channels
held_out_windows       convolutions by shifts, by arrays of indices, transposed, causal
held_out_pools         pooling of other forms, squeezed channels, dense blocks, patches
held_out_cells         LSTMs by columns and by stacked gates, plain networks, an encoder with a decoder
held_out_characters    a network with batch normalisation, step by step
held_out_transformers  blocks, cross-attention, positions, and their normalisations
held_out_scans         state spaces, gated units, alignments, graphs
held_out_classes       beginners' networks for images and sentences, with layers as classes
held_out_courses       group normalisation, captions, encoder blocks, rotated and shared heads
held_out_assignments   batch, layer, instance and RMS normalisation, dropout and pooling, as in assignments
held_out_libraries     convolutions, softmax, shapes and residual blocks, as in libraries from scratch
held_out_functions     embeddings, PReLU, maxout, functions of one's own for PyTorch
held_out_strides       convolutions by columns, two strides, dilation, flattening, joined parts, resizing
held_out_steps         normalisation step by step and by Jacobians, dropout, dense layers, clips, maxout
held_out_blocks        blocks with gates and shortcuts, layers example by example, pooling with padding
held_out_recurrences   characters in dicts, gates in classes, states in both directions
held_out_attention     causal heads in a loop, decoder blocks, language models with padding, chains of labels
held_out_densities     densities, energies, mixtures, couplings
held_out_graphs        graphs, word vectors, fits of curves, counts, quantiles
held_out_unrolled      networks unrolled over time, of one or two layers, truncated, an LSTM
held_out_gates         a GRU with joined inputs, attention over the states of an encoder
held_out_decoders      batched heads by einsum, blocks with GELU, perplexities, sequences of several lengths
held_out_caches        truncated and vectorised recurrences, LSTMs and GRUs with caches, lists and dicts
held_out_loops         convolutions in loops, sentences, heads number by number
held_out_captions      captions, pooling in loops, an encoder and a decoder, skips
held_out_answers       derivatives of matrices, look-ups, penalties, from answers and corrections
held_out_brackets      Jacobian matrices in part, brackets, indices, factors of products
held_out_formulas      recurrent cells in which several gradients have mistakes of their own
held_out_threads       forums and public code as they came: several mistakes at once, softmaxes, a share
held_out_neighbours    heads in nested dicts, norms in a helper, neighbours in dicts, edges, gates by einsum
held_out_scratch       networks from scratch, in classes with caches, in nested dicts, in lists of layers
held_out_models        linear models with weights of examples, factors in loops, margins, curves
held_out_codes         autoencoders, generators, policies, distances
held_out_dicts         networks with parameters in dicts and lists of lists, features, biases of users
corrections            single operations, and sums over examples, from issues and pull requests
overwrites             gradients that overwrite each other, a wrong threshold, a product of matrices
programs               steps of solvers and of filters, peepholes, rotary positions, experts, a factorisation
"""

from tests.campaigns.published_mistakes import (
    arrangements,
    autoencoders,
    corrections,
    costs,
    held_out_activations,
    held_out_answers,
    held_out_assignments,
    held_out_attention,
    held_out_blocks,
    held_out_brackets,
    held_out_caches,
    held_out_captions,
    held_out_cells,
    held_out_channels,
    held_out_characters,
    held_out_classes,
    held_out_codes,
    held_out_costs,
    held_out_courses,
    held_out_decoders,
    held_out_densities,
    held_out_dicts,
    held_out_factors,
    held_out_forms,
    held_out_formulas,
    held_out_functions,
    held_out_gates,
    held_out_generators,
    held_out_graphs,
    held_out_images,
    held_out_layers,
    held_out_libraries,
    held_out_loops,
    held_out_margins,
    held_out_models,
    held_out_neighbours,
    held_out_nets,
    held_out_plain,
    held_out_pools,
    held_out_rankings,
    held_out_recurrences,
    held_out_scans,
    held_out_scratch,
    held_out_sequences,
    held_out_steps,
    held_out_strides,
    held_out_threads,
    held_out_tokens,
    held_out_transformers,
    held_out_unrolled,
    held_out_windows,
    images,
    networks_by_columns,
    networks_by_rows,
    normalisation,
    operations,
    overwrites,
    programs,
    recurrent,
    regression,
    softmaxes,
    table_rows,
    tokens,
)

KINDS = (table_rows, networks_by_rows, networks_by_columns, regression, softmaxes, normalisation, recurrent, images,
         tokens, costs, autoencoders, operations, held_out_nets, held_out_activations, held_out_costs, held_out_layers,
         held_out_sequences, held_out_images, held_out_tokens, held_out_channels, held_out_margins,
         held_out_generators, held_out_factors, held_out_rankings, held_out_windows, held_out_pools,
         held_out_cells, held_out_characters, held_out_transformers, held_out_scans, held_out_classes,
         held_out_courses, held_out_plain, held_out_forms, held_out_assignments, held_out_libraries, held_out_functions,
         held_out_strides, held_out_steps, held_out_blocks, held_out_recurrences, held_out_attention,
         held_out_densities, held_out_unrolled, held_out_gates, held_out_graphs, held_out_decoders, held_out_scratch,
         held_out_models, held_out_codes, held_out_dicts, held_out_caches, held_out_loops, held_out_captions,
         held_out_neighbours, held_out_threads, held_out_answers, held_out_brackets, held_out_formulas,
         arrangements, programs, corrections, overwrites)  # fmt: skip
CASES = [case for kind in KINDS for case in kind.CASES]

__all__ = ["CASES", "KINDS"]
