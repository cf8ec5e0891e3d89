using Ioc.Alarms.Lifecycle;
using Ioc.Devices.Registry;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using NodaTime;

namespace Ioc.Storage.Operational;

/// <summary>How far a consumer is, and what it counted. One row per consumer, written whole.</summary>
internal sealed class ConsumerProgress
{
    public required string Consumer { get; init; }

    public long NextOffset { get; set; }

    public long Stored { get; set; }

    public long Ignored { get; set; }

    public long Duplicate { get; set; }

    /// <summary>JSON object: messages by reason.</summary>
    public string Quarantined { get; set; } = "{}";
}

/// <summary>How often something was refused before the journal saw it.</summary>
internal sealed class RefusalCount
{
    public required string Reason { get; init; }

    public long Count { get; set; }
}

/// <summary>The operational tables: small, changed one by one, looked up by people. The rooms' own records are the rows.</summary>
internal sealed class OperationalContext(DbContextOptions<OperationalContext> options) : DbContext(options)
{
    public DbSet<Alarm> Alarms => Set<Alarm>();

    public DbSet<UnclaimedDevice> Devices => Set<UnclaimedDevice>();

    public DbSet<QuarantineEntry> Quarantine => Set<QuarantineEntry>();

    public DbSet<ConsumerProgress> Progress => Set<ConsumerProgress>();

    public DbSet<RefusalCount> Refusals => Set<RefusalCount>();

    public DbSet<CredentialRow> Credentials => Set<CredentialRow>();

    public DbSet<BanRow> Bans => Set<BanRow>();

    public DbSet<AccessRevision> AccessRevisions => Set<AccessRevision>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<Instant>().HaveConversion<TicksConverter>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Alarm>(alarm =>
        {
            alarm.HasKey(row => row.Id);
            alarm.Property(row => row.Id).ValueGeneratedNever();
            alarm.Property(row => row.State).HasConversion<string>();
            alarm.HasIndex(row => row.State);
            alarm.HasIndex(row => row.Device);
        });

        modelBuilder.Entity<UnclaimedDevice>(device =>
        {
            // The order of first contact, which a restart keeps.
            device.Property<int>("Number").ValueGeneratedOnAdd();
            device.HasKey("Number");
            device.HasIndex(row => new { row.Source, row.Key }).IsUnique();
        });

        modelBuilder.Entity<QuarantineEntry>(entry =>
        {
            entry.HasKey(row => row.Offset);
            entry.Property(row => row.Offset).ValueGeneratedNever();
            entry.Property(row => row.Reason).HasConversion<string>();
            entry.HasIndex(row => new { row.Reason, row.Offset });
        });

        modelBuilder.Entity<ConsumerProgress>().HasKey(row => row.Consumer);
        modelBuilder.Entity<RefusalCount>().HasKey(row => row.Reason);
        modelBuilder.Entity<CredentialRow>().HasKey(row => row.UserName);
        modelBuilder.Entity<BanRow>().HasKey(row => new { row.Kind, row.Value });
        modelBuilder.Entity<AccessRevision>(revision =>
        {
            revision.HasKey(row => row.Id);
            revision.Property(row => row.Id).ValueGeneratedNever();
        });

        // Newer tables say beside their ledger what they are.
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(OperationalContext).Assembly);
    }

    // Whole numbers keep their order in SQLite; 100 ns lose nothing that a device or a journal says.
    private sealed class TicksConverter() : ValueConverter<Instant, long>(instant => instant.ToUnixTimeTicks(), ticks => Instant.FromUnixTimeTicks(ticks));
}
