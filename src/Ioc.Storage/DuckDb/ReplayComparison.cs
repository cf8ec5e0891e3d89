namespace Ioc.Storage.DuckDb;

/// <summary>The comparison of what was decoded with what is stored, in SQL: DuckDB spills to its disk what does not fit into its memory.</summary>
/// <remarks>
/// A decoded reading that is stored for its message with the same series, time, value and doubts stays as it is, whatever its index. Every
/// other one is judged as the live store would judge it against all that will be stored then: a value known for its device time is a duplicate,
/// a different one a conflict. What is stored and stays nowhere goes. So the outcome depends on the messages and the rows of others alone, and
/// after a commit the same comparison finds nothing.
/// </remarks>
internal static class ReplayComparison
{
    // Kinds of names.
    public const int DeviceName = 0;
    public const int MetricName = 1;
    public const int ChannelName = 2;
    public const int DetailText = 3;

    // An outcome that nobody kept.
    private const string Unknown = "255";

    // Numbers of this process become the file's; a name that the file does not have gets a negative number until the plan is approved.
    private const string Numbers = """
        CREATE OR REPLACE TABLE replay_map AS
            SELECT n.kind, n.number, COALESCE(d.id, -1 - n.number)::INTEGER AS id FROM replay_name n LEFT JOIN device d ON d.source = n.first AND d.key = n.second WHERE n.kind = 0
            UNION ALL SELECT n.kind, n.number, COALESCE(m.id, -1 - n.number)::INTEGER FROM replay_name n LEFT JOIN metric m ON m.name = n.first WHERE n.kind = 1
            UNION ALL SELECT n.kind, n.number, COALESCE(c.id, -1 - n.number)::INTEGER FROM replay_name n LEFT JOIN channel c ON c.name = n.first WHERE n.kind = 2;
        """;

    private const string Stored = """
        CREATE OR REPLACE TEMP TABLE old_row AS
            SELECT r.journal_offset, r.reading_index, r.device, r.metric::INTEGER AS metric, r.channel::INTEGER AS channel, r.measured_at, r.received_at, r.value, r.quality,
                row_number() OVER (PARTITION BY r.journal_offset, r.device, r.metric, r.channel, r.measured_at, r.value, r.quality & 65407 ORDER BY r.reading_index) AS nth
            FROM reading r SEMI JOIN replay_message m ON m.journal_offset = r.journal_offset
            WHERE r.journal_offset BETWEEN (SELECT min(journal_offset) FROM replay_message) AND (SELECT max(journal_offset) FROM replay_message);
        CREATE OR REPLACE TEMP TABLE was AS
            SELECT m.journal_offset,
                COALESCE(o.outcome, CASE WHEN r.journal_offset IS NOT NULL THEN 0 WHEN m.indexed > 0 THEN 2 ELSE 255 END)::USMALLINT AS outcome,
                COALESCE(o.reason, CASE WHEN r.journal_offset IS NULL THEN m.indexed ELSE 0 END)::USMALLINT AS reason
            FROM replay_message m
            LEFT JOIN (SELECT journal_offset, max(outcome) AS outcome, max(reason) AS reason FROM outcome GROUP BY journal_offset) o ON o.journal_offset = m.journal_offset
            LEFT JOIN (SELECT DISTINCT journal_offset FROM old_row) r ON r.journal_offset = m.journal_offset;
        """;

    private const string Decoded = """
        CREATE OR REPLACE TEMP TABLE new_row AS
            SELECT n.journal_offset, n.reading_index, d.id AS device, m.id AS metric, c.id AS channel, n.measured_at, n.received_at, n.value, n.quality,
                row_number() OVER (PARTITION BY n.journal_offset, d.id, m.id, c.id, n.measured_at, n.value, n.quality & 65407 ORDER BY n.reading_index) AS nth
            FROM replay_reading n
            JOIN replay_map d ON d.kind = 0 AND d.number = n.device
            JOIN replay_map m ON m.kind = 1 AND m.number = n.metric
            JOIN replay_map c ON c.kind = 2 AND c.number = n.channel
            WHERE n.journal_offset NOT IN (SELECT journal_offset FROM was WHERE outcome = 255);
        CREATE OR REPLACE TEMP TABLE kept_row AS
            SELECT n.journal_offset, n.reading_index, o.reading_index AS old_index, n.device, n.metric, n.channel, n.measured_at, n.received_at, n.value, o.quality
            FROM new_row n JOIN old_row o ON o.journal_offset = n.journal_offset AND o.device = n.device AND o.metric = n.metric AND o.channel = n.channel
                AND o.measured_at = n.measured_at AND o.value = n.value AND o.nth = n.nth AND (o.quality & 65407) = (n.quality & 65407);
        CREATE OR REPLACE TEMP TABLE candidate AS
            SELECT n.*, n.measured_at <> n.received_at AS timed FROM new_row n ANTI JOIN kept_row k ON k.journal_offset = n.journal_offset AND k.reading_index = n.reading_index;
        CREATE OR REPLACE TABLE replay_gone AS
            SELECT o.* EXCLUDE (nth) FROM old_row o ANTI JOIN kept_row k ON k.journal_offset = o.journal_offset AND k.old_index = o.reading_index
            WHERE o.journal_offset NOT IN (SELECT journal_offset FROM was WHERE outcome = 255);
        """;

    private const string Judged = """
        CREATE OR REPLACE TEMP TABLE known AS
            SELECT DISTINCT r.device, r.metric::INTEGER AS metric, r.channel::INTEGER AS channel, r.measured_at, r.value
            FROM (SELECT * FROM reading WHERE measured_at <> received_at
                AND measured_at BETWEEN (SELECT min(measured_at) FROM candidate WHERE timed) AND (SELECT max(measured_at) FROM candidate WHERE timed)) r
            SEMI JOIN (SELECT device, metric, channel, measured_at FROM candidate WHERE timed) c
                ON c.device = r.device AND c.metric = r.metric AND c.channel = r.channel AND c.measured_at = r.measured_at
            ANTI JOIN replay_gone g ON g.journal_offset = r.journal_offset AND g.reading_index = r.reading_index;
        CREATE OR REPLACE TEMP TABLE survivor AS
            SELECT c.* EXCLUDE (again) FROM (
                SELECT *, timed AND row_number() OVER (PARTITION BY device, metric, channel, measured_at, value, timed ORDER BY journal_offset, reading_index) > 1 AS again FROM candidate) c
            LEFT JOIN known k ON k.device = c.device AND k.metric = c.metric AND k.channel = c.channel AND k.measured_at = c.measured_at AND k.value = c.value
            WHERE NOT c.again AND (NOT c.timed OR k.value IS NULL);
        CREATE OR REPLACE TEMP TABLE fresh_row AS
            SELECT s.journal_offset, s.reading_index, s.device, s.metric, s.channel, s.measured_at, s.received_at, s.value,
                (s.quality | CASE WHEN s.timed AND (s.nth_value > 1 OR k.device IS NOT NULL) THEN 128 ELSE 0 END)::USMALLINT AS quality
            FROM (SELECT *, row_number() OVER (PARTITION BY device, metric, channel, measured_at, timed ORDER BY journal_offset, reading_index) AS nth_value FROM survivor) s
            LEFT JOIN (SELECT DISTINCT device, metric, channel, measured_at FROM known) k
                ON k.device = s.device AND k.metric = s.metric AND k.channel = s.channel AND k.measured_at = s.measured_at;
        """;

    private const string Results = """
        CREATE OR REPLACE TEMP TABLE touched AS SELECT journal_offset FROM fresh_row UNION SELECT journal_offset FROM replay_gone;
        CREATE OR REPLACE TABLE replay_final AS
            SELECT journal_offset, reading_index, device, metric, channel, measured_at, received_at, value, quality FROM fresh_row
            UNION ALL SELECT k.journal_offset, k.reading_index, k.device, k.metric, k.channel, k.measured_at, k.received_at, k.value, k.quality
            FROM kept_row k SEMI JOIN touched t ON t.journal_offset = k.journal_offset;
        CREATE OR REPLACE TEMP TABLE becomes AS
            SELECT m.journal_offset, m.received_at, m.detail, w.outcome AS was_outcome, w.reason AS was_reason, t.journal_offset IS NOT NULL AS rows_differ,
                CASE WHEN m.outcome <> 0 THEN m.outcome WHEN COALESCE(f.kept, 0) > 0 OR m.stored_without <> 0 THEN 0 WHEN m.reading_count > 0 THEN 3 ELSE 1 END::USMALLINT AS outcome,
                m.reason, COALESCE(f.kept, 0) > 0 AS has_rows
            FROM replay_message m JOIN was w ON w.journal_offset = m.journal_offset
            LEFT JOIN touched t ON t.journal_offset = m.journal_offset
            LEFT JOIN (SELECT journal_offset, count(*) AS kept FROM (SELECT journal_offset FROM kept_row UNION ALL SELECT journal_offset FROM fresh_row) GROUP BY journal_offset) f
                ON f.journal_offset = m.journal_offset
            WHERE w.outcome <> 255;
        CREATE OR REPLACE TABLE replay_change AS
            SELECT * FROM becomes WHERE rows_differ OR was_outcome <> outcome OR was_reason <> reason;
        CREATE OR REPLACE TEMP TABLE pair AS
            SELECT COALESCE(n.journal_offset, g.journal_offset) AS journal_offset, COALESCE(n.device, g.device) AS device, COALESCE(n.metric, g.metric) AS metric,
                COALESCE(n.channel, g.channel) AS channel, COALESCE(n.measured_at, g.measured_at) AS measured_at, g.value AS old, n.value AS new
            FROM (SELECT *, row_number() OVER (PARTITION BY journal_offset, device, metric, channel, measured_at ORDER BY reading_index) AS nth FROM fresh_row) n
            FULL JOIN (SELECT *, row_number() OVER (PARTITION BY journal_offset, device, metric, channel, measured_at ORDER BY reading_index) AS nth FROM replay_gone) g
                ON g.journal_offset = n.journal_offset AND g.device = n.device AND g.metric = n.metric AND g.channel = n.channel AND g.measured_at = n.measured_at AND g.nth = n.nth;
        """;

    /// <summary>Builds the tables of the comparison, inside a transaction.</summary>
    public static readonly string[] Steps = [Numbers, Stored, Decoded, Judged, Results];

    /// <summary>Messages, changed messages, added, changed, removed, kept, duplicate, unknown, hash of everything.</summary>
    public const string Totals = $"""
        SELECT
            (SELECT count(*) FROM replay_message), (SELECT count(*) FROM replay_change),
            (SELECT count(*) FROM pair WHERE old IS NULL), (SELECT count(*) FROM pair WHERE old IS NOT NULL AND new IS NOT NULL), (SELECT count(*) FROM pair WHERE new IS NULL),
            (SELECT count(*) FROM kept_row), (SELECT count(*) FROM candidate) - (SELECT count(*) FROM fresh_row), (SELECT count(*) FROM was WHERE outcome = {Unknown}),
            (SELECT COALESCE(bit_xor(hash(journal_offset, reading_index, measured_at, value, quality)), 0)::VARCHAR FROM replay_final)
                || '.' || (SELECT COALESCE(bit_xor(hash(journal_offset, reading_index, value)), 0)::VARCHAR FROM replay_gone)
                || '.' || (SELECT COALESCE(bit_xor(hash(journal_offset, was_outcome, was_reason, outcome, reason)), 0)::VARCHAR FROM replay_change)
        """;

    /// <summary>Source, key, metric, added, changed, removed.</summary>
    public const string Series = """
        SELECT d.first, d.second, m.first, s.added, s.changed, s.removed, count(*) OVER () FROM (
            SELECT device, metric, count(*) FILTER (WHERE old IS NULL) AS added, count(*) FILTER (WHERE old IS NOT NULL AND new IS NOT NULL) AS changed,
                count(*) FILTER (WHERE new IS NULL) AS removed, count(*) AS everything FROM pair GROUP BY device, metric) s
        JOIN names d ON d.kind = 0 AND d.id = s.device JOIN names m ON m.kind = 1 AND m.id = s.metric
        ORDER BY s.everything DESC, d.second, m.first LIMIT 100
        """;

    /// <summary>Names by the file's numbers: of what was decoded and of what is stored.</summary>
    public const string Names = """
        CREATE OR REPLACE TEMP TABLE names AS
            SELECT m.kind, m.id, n.first, n.second FROM replay_map m JOIN replay_name n ON n.kind = m.kind AND n.number = m.number
            UNION SELECT 0, id, source, key FROM device UNION SELECT 1, id, name, '' FROM metric UNION SELECT 2, id, name, '' FROM channel;
        """;

    /// <summary>Outcome and reason before and after, messages, the newest of them.</summary>
    public const string Outcomes = """
        SELECT was_outcome::BIGINT, was_reason::BIGINT, outcome::BIGINT, reason::BIGINT, count(*), max(journal_offset)
        FROM replay_change WHERE was_outcome <> outcome OR was_reason <> reason GROUP BY ALL ORDER BY count(*) DESC, 1, 2, 3, 4
        """;

    /// <summary>Offset, source, key, metric, channel, time, old, new, 1 when there is an old one, 1 when there is a new one. Some of each kind and series.</summary>
    public const string Examples = """
        SELECT p.journal_offset, d.first, d.second, m.first, c.first, p.measured_at, COALESCE(p.old, 0), COALESCE(p.new, 0), (p.old IS NOT NULL)::BIGINT, (p.new IS NOT NULL)::BIGINT
        FROM (SELECT *, row_number() OVER (PARTITION BY device, metric, channel, old IS NULL, new IS NULL ORDER BY journal_offset DESC) AS nth FROM pair) p
        JOIN names d ON d.kind = 0 AND d.id = p.device JOIN names m ON m.kind = 1 AND m.id = p.metric JOIN names c ON c.kind = 2 AND c.id = p.channel
        ORDER BY p.nth, p.journal_offset, m.first, c.first LIMIT 50
        """;
}
