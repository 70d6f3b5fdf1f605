"""Every code the engine speaks; callers turn codes into words."""

from typing import Final

# Why a pair may not be made (rules.py). In the order in which they are looked at.
SKILL: Final = "skill"  # facts: skills wanted
LEVEL: Final = "level"  # facts: skill, required, held
TIME: Final = "time"  # facts: skill, required, overlap (half-hours a week)
HOURS: Final = "hours"  # facts: skill, required, free (half-hours a week)
EXCLUDED: Final = "excluded"  # facts: none
DECLINED: Final = "declined"  # facts: none
LANGUAGE: Final = "language"  # facts: wanted, spoken
SAME_GENDER: Final = "same_gender"  # facts: wanted, gender
CHECK: Final = "check"  # facts: missing
CIRCUMSTANCE: Final = "circumstance"  # facts: circumstances
DISTANCE: Final = "distance"  # facts: metres, reach
NO_PLACES: Final = "no_places"  # facts: side ("helper" or "household")
RULE_CODES: Final = (
    SKILL, LEVEL, TIME, HOURS, EXCLUDED, DECLINED, LANGUAGE, SAME_GENDER, CHECK, CIRCUMSTANCE, DISTANCE, NO_PLACES,
)  # fmt: skip

# What a pair's score is made of (scores.py).
NEED_URGENCY: Final = "need_urgency"
SKILL_FIT: Final = "skill_fit"
NEEDS_COVERED: Final = "needs_covered"
TIME_OVERLAP: Final = "time_overlap"
FIRST_LANGUAGE: Final = "first_language"
GOOD_HISTORY: Final = "good_history"
WISHED_HELPER: Final = "wished_helper"
NEARNESS: Final = "nearness"
COMPLEMENT: Final = "complement"
LIGHT_LOAD: Final = "light_load"
SCORE_CODES: Final = (
    NEED_URGENCY, SKILL_FIT, NEEDS_COVERED, TIME_OVERLAP, FIRST_LANGUAGE, GOOD_HISTORY, WISHED_HELPER, NEARNESS,
    COMPLEMENT, LIGHT_LOAD,
)  # fmt: skip

# What the answer to "why this pair, why not?" may be (explain.py).
CHOSEN: Final = "chosen"
BARRED: Final = "barred"
POSSIBLE: Final = "possible"
WHY_CODES: Final = (CHOSEN, BARRED, POSSIBLE)

# What is wrong with an answer that is no proven optimum (check.py).
UNKNOWN_PAIR: Final = "unknown_pair"
REPEATED_PAIR: Final = "repeated_pair"
HELPER_OVER_PLACES: Final = "helper_over_places"
HOUSEHOLD_OVER_PLACES: Final = "household_over_places"
HELPER_OVER_HOURS: Final = "helper_over_hours"
WRONG_PLACE: Final = "wrong_place"
WRONG_TOTALS: Final = "wrong_totals"
WRONG_VALUE: Final = "wrong_value"
WRONG_BOUND: Final = "wrong_bound"
WRONG_PRICES: Final = "wrong_prices"
WRONG_SCALES: Final = "wrong_scales"
GAP: Final = "gap"
PROBLEM_CODES: Final = (
    UNKNOWN_PAIR, REPEATED_PAIR, HELPER_OVER_PLACES, HOUSEHOLD_OVER_PLACES, HELPER_OVER_HOURS, WRONG_PLACE,
    WRONG_TOTALS, WRONG_VALUE, WRONG_BOUND, WRONG_PRICES, WRONG_SCALES, GAP,
)  # fmt: skip

# What may be wrong with an input (MatchingError.code).
NOT_A_NUMBER: Final = "not_a_number"
NOT_WHOLE: Final = "not_whole"
OUT_OF_RANGE: Final = "out_of_range"
BLANK: Final = "blank"
DUPLICATE: Final = "duplicate"
EMPTY_WEEK: Final = "empty_week"
NO_NEEDS: Final = "no_needs"
WRONG_SHAPE: Final = "wrong_shape"
OVERFLOW: Final = "overflow"
UNKNOWN_ID: Final = "unknown_id"
NOT_OPTIMAL: Final = "not_optimal"
ERROR_CODES: Final = (
    NOT_A_NUMBER, NOT_WHOLE, OUT_OF_RANGE, BLANK, DUPLICATE, EMPTY_WEEK, NO_NEEDS, WRONG_SHAPE, OVERFLOW, UNKNOWN_ID,
    NOT_OPTIMAL,
)  # fmt: skip
