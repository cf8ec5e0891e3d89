using Ioc.Devices.Attributes;
using Ioc.Devices.Readings;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;

namespace Ioc.Storage.Operational;

/// <summary>An attribute of a device; one row per device and name.</summary>
internal sealed class AttributeRow
{
    public required string Source { get; init; }

    public required string Key { get; init; }

    public required string Name { get; init; }

    public required AttributeKind Kind { get; init; }

    public required string Value { get; init; }

    public required Instant Since { get; init; }

    public required Instant SeenAt { get; init; }
}

/// <summary>The table <c>Attributes</c>.</summary>
internal sealed class AttributeTable : IEntityTypeConfiguration<AttributeRow>
{
    public void Configure(EntityTypeBuilder<AttributeRow> builder)
    {
        builder.ToTable("Attributes");
        builder.HasKey(row => new { row.Source, row.Key, row.Name });
        builder.Property(row => row.Kind).HasConversion<string>();
        builder.HasIndex(row => new { row.Name, row.Value });
    }
}

/// <summary>Facts about devices, the last value of each.</summary>
internal sealed class AttributeLedger(OperationalDatabase database) : IAttributeLedger
{
    public async Task<IReadOnlyList<KeptAttribute>> LoadAsync(CancellationToken cancellationToken)
    {
        await using OperationalContext context = await database.ContextAsync(cancellationToken);
        List<AttributeRow> rows = await context.Set<AttributeRow>().ToListAsync(cancellationToken);
        return [.. rows.Select(row => new KeptAttribute(row.Source, row.Key, new DeviceAttribute(row.Name, row.Kind, row.Value, row.Since, row.SeenAt)))];
    }

    public async Task SaveAsync(IReadOnlyList<KeptAttribute> attributes, CancellationToken cancellationToken)
    {
        await using OperationalContext context = await database.ContextAsync(cancellationToken);
        await context.Database.OpenConnectionAsync(cancellationToken);
        var connection = (SqliteConnection)context.Database.GetDbConnection();

        // Past the change tracker: a fleet that restarts tells thousands at once.
        await using SqliteTransaction transaction = connection.BeginTransaction();
        await using SqliteCommand upsert = connection.CreateCommand();
        upsert.Transaction = transaction;
        upsert.CommandText = """
            INSERT INTO "Attributes" ("Source", "Key", "Name", "Kind", "Value", "Since", "SeenAt")
            VALUES ($source, $key, $name, $kind, $value, $since, $seenAt)
            ON CONFLICT ("Source", "Key", "Name") DO UPDATE SET
                "Kind" = excluded."Kind", "Value" = excluded."Value", "Since" = excluded."Since", "SeenAt" = excluded."SeenAt"
            """;
        foreach (KeptAttribute kept in attributes)
        {
            upsert.Parameters.Clear();
            upsert.Parameters.AddWithValue("$source", kept.Source);
            upsert.Parameters.AddWithValue("$key", kept.Key);
            upsert.Parameters.AddWithValue("$name", kept.Attribute.Name);
            upsert.Parameters.AddWithValue("$kind", kept.Attribute.Kind.ToString());
            upsert.Parameters.AddWithValue("$value", kept.Attribute.Value);
            upsert.Parameters.AddWithValue("$since", kept.Attribute.Since.ToUnixTimeTicks());
            upsert.Parameters.AddWithValue("$seenAt", kept.Attribute.SeenAt.ToUnixTimeTicks());
            await upsert.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }
}
