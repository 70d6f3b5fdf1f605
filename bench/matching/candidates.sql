-- All eligible pairs with score and travel, as good as we could make them in DuckDB: every helper's skill is spread over
-- the cells within reach, so that a need finds its helpers by one equality join; the week's bits are looked at last.
-- $cell: metres a side. Weeks are six words of 64 bits. -1 stands for no limit and nobody.
CREATE OR REPLACE TABLE pair AS
WITH skilled AS MATERIALIZED (
    SELECT k.skill, k.level AS held, p.helper, p.x, p.y, p.reach, p.languages, p.gender, p.checks, p.limits, p.hours,
        (p.x // $cell + i)::INT * 10000 + (p.y // $cell + j)::INT AS cell
    FROM helper_skill k JOIN helper p USING (helper), range(-$around, $around + 1) a(i), range(-$around, $around + 1) b(j)
    WHERE p.places > 0
        AND p.x // $cell + i BETWEEN (p.x - p.reach) // $cell AND (p.x + p.reach) // $cell
        AND p.y // $cell + j BETWEEN (p.y - p.reach) // $cell AND (p.y + p.reach) // $cell
), wanted AS MATERIALIZED (
    SELECT need.*, row_number() OVER () AS id, h.x, h.y, h.languages, h.gender, h.checks, h.circumstances,
        h.first_language, h.wished, (h.x // $cell)::INT * 10000 + (h.y // $cell)::INT AS cell
    FROM need JOIN household h USING (household)
    WHERE h.places > 0
), near AS (
    SELECT n.id, s.helper, s.held, n.x - s.x AS dx, n.y - s.y AS dy
    FROM skilled s JOIN wanted n ON n.skill = s.skill AND n.cell = s.cell
    WHERE (n.x - s.x) * (n.x - s.x) + (n.y - s.y) * (n.y - s.y) < (s.reach + 1) * (s.reach + 1)
        AND s.held >= n.level
        AND (n.languages = 0 OR n.languages & s.languages <> 0)
        AND (n.gender = -1 OR n.gender = s.gender)
        AND s.checks & n.checks = n.checks
        AND s.limits & n.circumstances = 0
        AND (s.hours = -1 OR s.hours >= n.half_hours)
), timely AS (
    SELECT n.household, p.helper, n.level, r.held, n.half_hours, n.urgency, dx, dy, p.load,
        (p.languages & n.first_language <> 0)::INT AS tongue, (n.wished = p.helper)::INT AS wished,
        bit_count(p.w0 & n.w0) + bit_count(p.w1 & n.w1) + bit_count(p.w2 & n.w2)
            + bit_count(p.w3 & n.w3) + bit_count(p.w4 & n.w4) + bit_count(p.w5 & n.w5) AS common
    FROM near r JOIN wanted n ON n.id = r.id JOIN helper p ON p.helper = r.helper
    WHERE common >= n.half_hours
), served AS (
    SELECT household, helper, max(urgency) AS urgency, max(3 - held + level) AS fit, count(*) AS needs,
        max(common // half_hours) AS times, any_value(tongue) AS tongue, any_value(wished) AS wished,
        any_value(load) AS load, any_value(floor(sqrt((dx * dx + dy * dy)::DOUBLE))::INT) AS travel
    FROM timely GROUP BY household, helper
)
SELECT s.household, s.helper, s.travel,
    (4 * s.urgency + 3 * fit + 8 * needs + 2 * least(4, times) + 5 * tongue + 15 * (g.helper IS NOT NULL)::INT
        + 25 * wished + 2 * greatest(0, 10 - s.travel // 200) + 3 * greatest(0, 3 - load))::INT AS score
FROM served s LEFT JOIN good g ON g.household = s.household AND g.helper = s.helper
WHERE NOT EXISTS (SELECT 1 FROM apart a WHERE a.household = s.household AND a.helper = s.helper)
