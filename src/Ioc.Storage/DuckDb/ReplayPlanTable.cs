using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ioc.Storage.DuckDb.Native;
using Ioc.Storage.Replay;
using NodaTime;

namespace Ioc.Storage.DuckDb;

/// <summary>The one row that says which plan there is. Stateless; each call brings its connection.</summary>
internal static class ReplayPlanTable
{
    private static readonly JsonSerializerOptions Json = new() { Converters = { new TicksJson() } };

    public static ReplayPlan? Read(Connection connection)
    {
        using Statement statement = connection.Prepare(
            "SELECT id, state, selection, profiles, made_by, made_at, horizon, token, difference, done, committed_by FROM replay_plan");
        using QueryResult row = statement.Execute();
        if (!row.Next())
            return null;

        string difference = row.Text(8, 0);
        string committedBy = row.Text(10, 0);
        return new ReplayPlan(
            row.Column<long>(0)[0],
            (ReplayState)row.Column<long>(1)[0],
            row.Text(2, 0),
            row.Text(3, 0),
            row.Text(4, 0),
            Instant.FromUnixTimeTicks(row.Column<long>(5)[0] * 10),
            row.Column<long>(6)[0],
            row.Text(7, 0),
            difference.Length == 0 ? null : JsonSerializer.Deserialize<ReplayDifference>(difference, Json),
            row.Column<long>(9)[0],
            committedBy.Length == 0 ? null : committedBy);
    }

    public static void Write(Connection connection, ReplayPlan plan)
    {
        using Statement statement = connection.Prepare("INSERT INTO replay_plan VALUES (?, ?, ?, ?, ?, ?, ?, '', '', 0, 0, 0, '')");
        statement.Bind(1, plan.Id).Bind(2, (long)plan.State).Bind(3, plan.Selection).Bind(4, plan.Profiles).Bind(5, plan.By)
            .BindTimestamp(6, PendingGroup.Micros(plan.At)).Bind(7, plan.Horizon).Execute().Dispose();
    }

    public static void Ready(Connection connection, string token, ReplayDifference difference, long comparedUntil)
    {
        using Statement statement = connection.Prepare("UPDATE replay_plan SET state = ?, token = ?, difference = ?, compared_until = ?");
        statement.Bind(1, (long)ReplayState.Ready).Bind(2, token).Bind(3, JsonSerializer.Serialize(difference, Json)).Bind(4, comparedUntil).Execute().Dispose();
    }

    public static void Approved(Connection connection, string by)
    {
        using Statement statement = connection.Prepare("UPDATE replay_plan SET state = ?, committed_by = ?");
        statement.Bind(1, (long)ReplayState.Committing).Bind(2, by).Execute().Dispose();
    }

    public static void Move(Connection connection, ReplayState state, long nextOffset, long doneCount) => connection.Execute(string.Create(
        CultureInfo.InvariantCulture, $"UPDATE replay_plan SET state = {(int)state}, next_offset = {nextOffset}, done = {doneCount}"));

    private sealed class TicksJson : JsonConverter<Instant>
    {
        public override Instant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Instant.FromUnixTimeTicks(reader.GetInt64());

        public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options) => writer.WriteNumberValue(value.ToUnixTimeTicks());
    }
}
