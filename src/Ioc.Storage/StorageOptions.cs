using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Ioc.Storage;

/// <summary>Which database keeps the readings.</summary>
public enum StorageKind
{
    /// <summary>DuckDB inside the process: one file under the data path.</summary>
    DuckDb,

    /// <summary>An InfluxDB server, or one that speaks its line protocol.</summary>
    Influx,
}

/// <summary>The section <c>Storage</c>.</summary>
public sealed class StorageOptions
{
    /// <summary>Which database keeps the readings.</summary>
    public StorageKind Kind { get; set; } = StorageKind.DuckDb;

    /// <summary>Rows that make a commit due at once.</summary>
    /// <remarks>
    /// Met only under load: else <see cref="CommitIntervalMs"/> comes first. DuckDB's row group: a transaction that fills one writes it once,
    /// compressed, and not through the write-ahead log first. 0.3 µs a row where 20,000 rows cost 0.6.
    /// </remarks>
    [Range(1, 1_000_000)]
    public int CommitRows { get; set; } = 122_880;

    /// <summary>Longest wait of a reading for its commit, in milliseconds.</summary>
    /// <remarks>A page that asks right after a message must find it; four commits a second are cheap.</remarks>
    [Range(1, 60_000)]
    public int CommitIntervalMs { get; set; } = 250;

    /// <summary>Set-aside messages that the index remembers; the oldest make room.</summary>
    /// <remarks>A list for people; the balance counts them all. A row takes about 200 bytes.</remarks>
    [Range(1, 10_000_000)]
    public int QuarantineRows { get; set; } = 100_000;

    /// <summary>Settings of DuckDB.</summary>
    [ValidateObjectMembers]
    public DuckDbOptions DuckDb { get; set; } = new();

    /// <summary>Settings of InfluxDB.</summary>
    [ValidateObjectMembers]
    public InfluxOptions Influx { get; set; } = new();
}

/// <summary>What DuckDB may use of the machine.</summary>
public sealed class DuckDbOptions
{
    /// <summary>Threads for queries and checkpoints.</summary>
    /// <remarks>
    /// One: with more, the thread that commits spins while another does a part of its work, which cost half as much again as the work; and intake
    /// shares the machine. Each query has a thread of its own all the same. Raise it where long queries matter more than a busy intake.
    /// </remarks>
    [Range(1, 256)]
    public int Threads { get; set; } = 1;

    /// <summary>Memory for the buffer pool and queries, in mebibytes.</summary>
    /// <remarks>Its own default is 80 % of the machine.</remarks>
    [Range(64, 1_048_576)]
    public int MemoryMebibytes { get; set; } = 512;

    /// <summary>Write-ahead log size that starts a checkpoint, in mebibytes.</summary>
    /// <remarks>A checkpoint holds the commit that started it; larger means rarer and longer, and a longer replay at start.</remarks>
    [Range(1, 4096)]
    public int CheckpointMebibytes { get; set; } = 32;
}

/// <summary>Which write interface an InfluxDB server has.</summary>
public enum InfluxApi
{
    /// <summary><c>/write</c> with a database: 1.x.</summary>
    V1,

    /// <summary><c>/api/v2/write</c> with organisation, bucket and token: 2.x.</summary>
    V2,
}

/// <summary>How to reach InfluxDB. Checked only when <see cref="StorageOptions.Kind"/> is <see cref="StorageKind.Influx"/>.</summary>
public sealed class InfluxOptions
{
    /// <summary>Base address, <c>http</c> or <c>https</c>.</summary>
    public string Url { get; set; } = "http://127.0.0.1:8086";

    /// <summary>Which interface to write to.</summary>
    public InfluxApi Api { get; set; } = InfluxApi.V1;

    /// <summary>Database, for <see cref="InfluxApi.V1"/>; created when missing.</summary>
    public string Database { get; set; } = "ioc";

    /// <summary>Organisation, for <see cref="InfluxApi.V2"/>.</summary>
    public string? Org { get; set; }

    /// <summary>Bucket, for <see cref="InfluxApi.V2"/>; must exist.</summary>
    public string? Bucket { get; set; }

    /// <summary>Token, for <see cref="InfluxApi.V2"/>; optional for servers without accounts.</summary>
    public string? Token { get; set; }

    /// <summary>Most points in one request.</summary>
    /// <remarks>The size InfluxData recommends; about 60 kB compressed.</remarks>
    [Range(1, 50_000)]
    public int MaxPoints { get; set; } = 5_000;

    /// <summary>Longest wait for an answer, in seconds.</summary>
    [Range(1, 300)]
    public int TimeoutSeconds { get; set; } = 15;
}

[OptionsValidator]
internal sealed partial class StorageOptionsValidator : IValidateOptions<StorageOptions>;

/// <summary>What attributes cannot say: settings that need one another.</summary>
internal sealed class InfluxOptionsValidator : IValidateOptions<StorageOptions>
{
    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        if (options.Kind != StorageKind.Influx)
            return ValidateOptionsResult.Success;

        var errors = new List<string>();
        InfluxOptions influx = options.Influx;
        if (!Uri.TryCreate(influx.Url, UriKind.Absolute, out Uri? url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
            errors.Add($"Storage:Influx:Url '{influx.Url}' is not an http or https address.");
        if (influx.Api == InfluxApi.V1 && string.IsNullOrWhiteSpace(influx.Database))
            errors.Add("Storage:Influx:Database is needed with Storage:Influx:Api v1.");
        if (influx.Api == InfluxApi.V2 && string.IsNullOrWhiteSpace(influx.Org))
            errors.Add("Storage:Influx:Org is needed with Storage:Influx:Api v2.");
        if (influx.Api == InfluxApi.V2 && string.IsNullOrWhiteSpace(influx.Bucket))
            errors.Add("Storage:Influx:Bucket is needed with Storage:Influx:Api v2.");

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
