using System.Text.Json;
using Ioc.Devices.Firmware;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;

namespace Ioc.Storage.Operational;

/// <summary>What is known of one firmware in the field.</summary>
internal sealed class FirmwareRow
{
    public required string Profile { get; init; }

    /// <summary>Empty for devices that do not say it.</summary>
    public required string Version { get; init; }

    public Instant FirstSeen { get; set; }

    public Instant LastSeen { get; set; }

    public long Messages { get; set; }

    /// <summary>JSON object: messages by reason.</summary>
    public string Failures { get; set; } = "{}";

    /// <summary>JSON object: samples, first and last sight in ticks, by member.</summary>
    public string Unread { get; set; } = "{}";
}

/// <summary>The table <c>Firmware</c>.</summary>
internal sealed class FirmwareTable : IEntityTypeConfiguration<FirmwareRow>
{
    public void Configure(EntityTypeBuilder<FirmwareRow> builder)
    {
        builder.ToTable("Firmware");
        builder.HasKey(row => new { row.Profile, row.Version });
    }
}

/// <summary>Counts by firmware with their cursor; a change of a device's version stands in its audit.</summary>
internal sealed class FirmwareLedger(OperationalDatabase database, DeviceRegistry registry) : IFirmwareLedger
{
    private const string Consumer = "firmware";

    public async Task<FirmwareSheet?> LoadAsync(CancellationToken cancellationToken)
    {
        await using OperationalContext context = await database.ContextAsync(cancellationToken);
        ConsumerProgress? progress = await context.Progress.FirstOrDefaultAsync(row => row.Consumer == Consumer, cancellationToken);
        if (progress is null)
            return null;

        List<FirmwareRow> rows = await context.Set<FirmwareRow>().ToListAsync(cancellationToken);
        return new FirmwareSheet(progress.NextOffset, [.. rows.Select(Of)], []);
    }

    public async Task SaveAsync(FirmwareSheet sheet, CancellationToken cancellationToken)
    {
        await using OperationalContext context = await database.ContextAsync(cancellationToken);
        HashSet<(string, string)> known = [.. (await context.Set<FirmwareRow>().Select(row => new { row.Profile, row.Version }).ToListAsync(cancellationToken)).Select(row => (row.Profile, row.Version))];
        foreach (FirmwareCount count in sheet.Counts)
        {
            FirmwareRow row = Of(count);
            context.Entry(row).State = known.Contains((row.Profile, row.Version)) ? EntityState.Modified : EntityState.Added;
        }

        foreach (FirmwareChange change in sheet.Changes)
            context.Add(AuditRow.OfFirmware(registry[change.Device].ApiId, change));

        // One SaveChanges is one transaction: counts and cursor, or neither.
        await ProgressLedger.SetAsync(context, Consumer, progress => progress.NextOffset = sheet.NextOffset, cancellationToken);
        await context.SaveChangesAsync(cancellationToken);
    }

    private static FirmwareRow Of(FirmwareCount count) => new()
    {
        Profile = count.Profile,
        Version = count.Version ?? "",
        FirstSeen = count.FirstSeen,
        LastSeen = count.LastSeen,
        Messages = count.Messages,
        Failures = JsonSerializer.Serialize(count.Failures.ToDictionary(pair => pair.Key.ToString(), pair => pair.Value)),
        Unread = JsonSerializer.Serialize(count.Unread.ToDictionary(
            pair => pair.Key, pair => new long[] { pair.Value.Samples, pair.Value.FirstSeen.ToUnixTimeTicks(), pair.Value.LastSeen.ToUnixTimeTicks() })),
    };

    private static FirmwareCount Of(FirmwareRow row) => new(
        row.Profile,
        row.Version.Length == 0 ? null : row.Version,
        row.FirstSeen,
        row.LastSeen,
        row.Messages,
        (JsonSerializer.Deserialize<Dictionary<string, long>>(row.Failures) ?? []).ToDictionary(pair => Enum.Parse<QuarantineReason>(pair.Key), pair => pair.Value),
        (JsonSerializer.Deserialize<Dictionary<string, long[]>>(row.Unread) ?? []).ToDictionary(
            pair => pair.Key, pair => new UnreadMember(pair.Value[0], Instant.FromUnixTimeTicks(pair.Value[1]), Instant.FromUnixTimeTicks(pair.Value[2]))));
}
