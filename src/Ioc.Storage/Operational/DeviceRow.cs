using System.Text.Json;
using Ioc.Devices.Registry;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;

namespace Ioc.Storage.Operational;

/// <summary>What people have decided about one device. Goes before what seeds and first contact say of it.</summary>
internal sealed class DeviceRow
{
    public required string Source { get; init; }

    public required string Key { get; init; }

    public required string Name { get; set; }

    public required string Family { get; set; }

    public string? Profile { get; set; }

    public string? Site { get; set; }

    public string? Area { get; set; }

    public double? Latitude { get; set; }

    public double? Longitude { get; set; }

    public double PeriodSeconds { get; set; }

    public string? Parent { get; set; }

    /// <summary>JSON object: value by name.</summary>
    public string Parameters { get; set; } = "{}";

    public string TimeZone { get; set; } = "";

    public DeviceStanding Standing { get; set; }

    public Instant? RefusedFrom { get; set; }

    public string? Note { get; set; }

    public string? Replaces { get; set; }

    public string? ReplacedBy { get; set; }

    public Instant? FirstSeen { get; set; }

    public int Version { get; set; }

    /// <summary>The registry's revision with which it was written last.</summary>
    public long Revision { get; set; }

    public static DeviceRow Of(Device device, long revision) => new()
    {
        Source = device.Source,
        Key = device.Key,
        Name = device.Name,
        Family = device.Family,
        Profile = device.Profile,
        Site = device.Site,
        Area = device.Area,
        Latitude = device.Position?.Latitude,
        Longitude = device.Position?.Longitude,
        PeriodSeconds = device.Period.TotalSeconds,
        Parent = device.Parent,
        Parameters = JsonSerializer.Serialize(device.Parameters),
        TimeZone = device.TimeZone.Id,
        Standing = device.Standing,
        RefusedFrom = device.RefusedFrom,
        Note = device.Note,
        Replaces = device.Replaces,
        ReplacedBy = device.ReplacedBy,
        FirstSeen = device.FirstSeen,
        Version = device.Version,
        Revision = revision,
    };

    public Device ToDevice() => new()
    {
        Source = Source,
        Key = Key,
        Name = Name,
        Family = Family,
        Profile = Profile,
        Site = Site,
        Area = Area,
        Position = Latitude is { } lat && Longitude is { } lon ? new GeoPoint(lat, lon) : null,
        Period = Duration.FromSeconds(PeriodSeconds),
        Parent = Parent,
        Parameters = JsonSerializer.Deserialize<Dictionary<string, string>>(Parameters) ?? [],
        TimeZone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(TimeZone) ?? VietnamTime.Zone,
        Standing = Standing,
        RefusedFrom = RefusedFrom,
        Note = Note,
        Replaces = Replaces,
        ReplacedBy = ReplacedBy,
        FirstSeen = FirstSeen,
        Version = Version,
    };
}

/// <summary>Grows with every change of a device row, in the same transaction. One row.</summary>
internal sealed class RegistryRevision
{
    public int Id { get; init; } = 1;

    public long Number { get; set; }
}

internal sealed class DeviceRowConfiguration : IEntityTypeConfiguration<DeviceRow>, IEntityTypeConfiguration<RegistryRevision>
{
    public void Configure(EntityTypeBuilder<DeviceRow> builder)
    {
        builder.ToTable("RegistryDevices");
        builder.HasKey(row => new { row.Source, row.Key });
        builder.Property(row => row.Standing).HasConversion<string>();
        builder.HasIndex(row => row.Revision);
    }

    public void Configure(EntityTypeBuilder<RegistryRevision> builder)
    {
        builder.ToTable("RegistryRevisions");
        builder.HasKey(row => row.Id);
        builder.Property(row => row.Id).ValueGeneratedNever();
    }
}
