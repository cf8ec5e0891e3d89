namespace Ioc.Storage.DuckDb;

/// <summary>The tables of a replay, beside those of the readings.</summary>
/// <remarks>
/// <c>outcome</c> says what a message without stored readings counts as; a file that is older than the table lacks it for messages below its
/// first. <c>redecoded</c> says which replay last changed a message. The tables named replay_… hold the one plan there may be: what was decoded
/// (<c>replay_message</c>, <c>replay_reading</c>, by handles of the process whose names are in <c>replay_name</c>), and once it is compared the
/// rows that messages get (<c>replay_final</c>), those that they lose (<c>replay_gone</c>) and what they count as (<c>replay_change</c>).
/// </remarks>
internal static class ReplaySchema
{
    public const string Tables = """
        CREATE TABLE IF NOT EXISTS outcome (journal_offset BIGINT NOT NULL, outcome USMALLINT NOT NULL, reason USMALLINT NOT NULL);
        CREATE TABLE IF NOT EXISTS redecoded (journal_offset BIGINT NOT NULL, replay BIGINT NOT NULL, profiles VARCHAR NOT NULL);
        CREATE TABLE IF NOT EXISTS replay_plan (
            id BIGINT NOT NULL, state BIGINT NOT NULL, selection VARCHAR NOT NULL, profiles VARCHAR NOT NULL, made_by VARCHAR NOT NULL, made_at TIMESTAMP NOT NULL,
            horizon BIGINT NOT NULL, token VARCHAR NOT NULL, difference VARCHAR NOT NULL, compared_until BIGINT NOT NULL,
            next_offset BIGINT NOT NULL, done BIGINT NOT NULL, committed_by VARCHAR NOT NULL);
        """;

    /// <summary>Empties the tables of a plan, or makes them.</summary>
    public const string Fresh = """
        DELETE FROM replay_plan;
        CREATE OR REPLACE TABLE replay_message (
            journal_offset BIGINT NOT NULL, received_at TIMESTAMP NOT NULL, outcome USMALLINT NOT NULL, reason USMALLINT NOT NULL,
            stored_without USMALLINT NOT NULL, reading_count INTEGER NOT NULL, detail INTEGER NOT NULL, indexed USMALLINT NOT NULL);
        CREATE OR REPLACE TABLE replay_reading (
            journal_offset BIGINT NOT NULL, reading_index INTEGER NOT NULL, device INTEGER NOT NULL, metric INTEGER NOT NULL, channel INTEGER NOT NULL,
            measured_at TIMESTAMP NOT NULL, received_at TIMESTAMP NOT NULL, value DOUBLE NOT NULL, quality USMALLINT NOT NULL);
        CREATE OR REPLACE TABLE replay_name (
            kind BIGINT NOT NULL, number BIGINT NOT NULL, first VARCHAR NOT NULL, second VARCHAR NOT NULL, profile VARCHAR NOT NULL, family VARCHAR NOT NULL);
        DROP TABLE IF EXISTS replay_final;
        DROP TABLE IF EXISTS replay_gone;
        DROP TABLE IF EXISTS replay_change;
        DROP TABLE IF EXISTS replay_map;
        """;

    /// <summary>Drops everything of a plan but its one row.</summary>
    public const string Drop = """
        DROP TABLE IF EXISTS replay_message;
        DROP TABLE IF EXISTS replay_reading;
        DROP TABLE IF EXISTS replay_name;
        DROP TABLE IF EXISTS replay_final;
        DROP TABLE IF EXISTS replay_gone;
        DROP TABLE IF EXISTS replay_change;
        DROP TABLE IF EXISTS replay_map;
        """;
}
