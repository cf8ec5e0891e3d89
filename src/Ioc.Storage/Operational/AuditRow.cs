using System.Text.Encodings.Web;
using System.Text.Json;
using Ioc.Devices.Firmware;
using Ioc.Devices.Onboarding;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;

namespace Ioc.Storage.Operational;

/// <summary>Who did what to what, and when. Written in the transaction of the change itself; never changed afterwards.</summary>
public sealed class AuditRow
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Rises with time.</summary>
    public long Id { get; init; }

    /// <summary>When.</summary>
    public Instant At { get; init; }

    /// <summary>Who.</summary>
    public required string Actor { get; init; }

    /// <summary>Remote address; null for the command line and the product itself.</summary>
    public string? Address { get; init; }

    /// <summary>api, cli, policy or device.</summary>
    public required string Via { get; init; }

    /// <summary>What was done: <c>device.claim</c>, <c>credential.issue</c>.</summary>
    public required string Action { get; init; }

    /// <summary>API id of the device that it was done to; null where it was none.</summary>
    public string? Device { get; init; }

    /// <summary>What it was done to where that is no device: a user name, a ban.</summary>
    public string? Subject { get; init; }

    /// <summary>JSON object of what it was before, as far as it differs; null for nothing.</summary>
    public string? Before { get; init; }

    /// <summary>JSON object of what it is after; never a secret.</summary>
    public string? After { get; init; }

    internal static AuditRow Of(DeviceChange change, string device, Actor actor, Instant now)
    {
        IReadOnlyList<FieldChange> fields = DeviceFields.Changed(change.Before, change.After);
        return new AuditRow
        {
            At = now,
            Actor = actor.Name,
            Address = actor.Address,
            Via = actor.Via,
            Action = change.Action,
            Device = device,
            Before = change.Before is null ? null : Json(fields.ToDictionary(field => field.Field, field => field.Before)),
            After = Json(fields.ToDictionary(field => field.Field, field => field.After)),
        };
    }

    /// <summary>An act upon something that is no field of a device.</summary>
    public static AuditRow Of(string action, string? device, string subject, IReadOnlyDictionary<string, string?>? after, Actor actor, Instant now) => new()
    {
        At = now,
        Actor = actor.Name,
        Address = actor.Address,
        Via = actor.Via,
        Action = action,
        Device = device,
        Subject = subject,
        After = after is null ? null : Json(after),
    };

    /// <summary>A device told that it runs another firmware.</summary>
    internal static AuditRow OfFirmware(string device, FirmwareChange change) => new()
    {
        At = change.At,
        Actor = "device",
        Via = "device",
        Action = "device.firmware",
        Device = device,
        Before = Json(new Dictionary<string, string?> { ["firmware"] = change.Before }),
        After = Json(new Dictionary<string, string?> { ["firmware"] = change.After }),
    };

    private static string Json(IReadOnlyDictionary<string, string?> fields) => JsonSerializer.Serialize(fields, Plain);
}

internal sealed class AuditConfiguration : IEntityTypeConfiguration<AuditRow>
{
    public void Configure(EntityTypeBuilder<AuditRow> builder)
    {
        builder.ToTable("Audit");
        builder.HasKey(row => row.Id);
        builder.HasIndex(row => new { row.Device, row.Id });
    }
}
