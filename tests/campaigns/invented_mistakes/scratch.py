"""Networks, models and codes from scratch: no page shows these mistakes in the forms of the published ones."""

from tests.campaigns.published_mistakes import held_out_codes, held_out_dicts, held_out_models, held_out_scratch

CASES = [case for kind in (held_out_scratch, held_out_models, held_out_codes, held_out_dicts) for case in kind.INVENTED]
