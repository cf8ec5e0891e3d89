using System.Security.Cryptography;
using System.Text;
using Ioc.Devices.Readings;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Ioc.Storage.Operational;

/// <summary>Messages set aside for the same reason with the same detail, which names profile and field: one mend helps them all.</summary>
/// <param name="Id">Twelve hexadecimal digits made of reason and detail: the same group has the same id after a restart.</param>
/// <param name="Reason">Why.</param>
/// <param name="Detail">Profile and field.</param>
/// <param name="Count">How many of the index.</param>
/// <param name="FirstSeen">Arrival of the oldest.</param>
/// <param name="LastSeen">Arrival of the newest.</param>
/// <param name="FirstOffset">The oldest.</param>
/// <param name="LastOffset">The newest; it serves as example.</param>
/// <param name="DeviceCount">How many devices are concerned, as far as messages could be tied to one.</param>
/// <param name="Device">API id of one of them; null when there is none.</param>
public sealed record QuarantineGroup(
    string Id, QuarantineReason Reason, string Detail, long Count, Instant FirstSeen, Instant LastSeen, long FirstOffset, long LastOffset, long DeviceCount, string? Device);

/// <summary>The index of set-aside messages, summed up.</summary>
public sealed class QuarantineGroups
{
    /// <summary>Most groups of an answer: the largest. Details come from profiles, not from payloads, so there are tens, not thousands.</summary>
    public const int MaxGroups = 1_000;

    private const string Sums = """
        SELECT "Reason", "Detail", count(*), min("ReceivedAt"), max("ReceivedAt"), min("Offset"), max("Offset"), count(DISTINCT "DeviceApiId"), min("DeviceApiId")
        FROM "Quarantine" GROUP BY "Reason", "Detail" ORDER BY count(*) DESC, max("Offset") DESC LIMIT $limit
        """;

    private readonly OperationalDatabase _database;

    internal QuarantineGroups(OperationalDatabase database) => _database = database;

    /// <summary>The id of a group.</summary>
    public static string IdOf(QuarantineReason reason, string detail) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{reason}\n{detail}")))[..12];

    /// <summary>The groups, largest first.</summary>
    public async Task<IReadOnlyList<QuarantineGroup>> ReadAsync(CancellationToken cancellationToken)
    {
        await using OperationalContext context = await _database.ContextAsync(cancellationToken);
        await context.Database.OpenConnectionAsync(cancellationToken);
        await using SqliteCommand command = ((SqliteConnection)context.Database.GetDbConnection()).CreateCommand();
        command.CommandText = Sums;
        command.Parameters.AddWithValue("$limit", MaxGroups);
        var groups = new List<QuarantineGroup>();
        await using SqliteDataReader row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            var reason = Enum.Parse<QuarantineReason>(row.GetString(0));
            string detail = row.GetString(1);
            groups.Add(new QuarantineGroup(
                IdOf(reason, detail), reason, detail, row.GetInt64(2), Instant.FromUnixTimeTicks(row.GetInt64(3)), Instant.FromUnixTimeTicks(row.GetInt64(4)),
                row.GetInt64(5), row.GetInt64(6), row.GetInt64(7), await row.IsDBNullAsync(8, cancellationToken) ? null : row.GetString(8)));
        }

        return groups;
    }

    /// <summary>The group with an id; null when there is none now.</summary>
    public async Task<QuarantineGroup?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await ReadAsync(cancellationToken)).FirstOrDefault(group => group.Id == id);
}
