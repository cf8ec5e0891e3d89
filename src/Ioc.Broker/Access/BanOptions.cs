using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Ioc.Broker.Access;

/// <summary>Who is never let in, and when the broker shuts somebody out by itself. Configuration section <c>Mqtt:Bans</c>.</summary>
public sealed class BanOptions
{
    /// <summary>Addresses and CIDR ranges.</summary>
    public IList<string> Addresses { get; } = [];

    /// <summary>Client ids.</summary>
    public IList<string> Clients { get; } = [];

    /// <summary>User names.</summary>
    public IList<string> Users { get; } = [];

    /// <summary>Failed connects from one address within <see cref="Window"/> after which it is banned; 0: never. Loopback never is.</summary>
    /// <remarks>Off by default: behind a NAT one wrong password would shut out its neighbours.</remarks>
    [Range(0, 1_000_000)]
    public int AfterFailures { get; set; }

    /// <summary>The time in which failures add up.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long an automatic ban lasts.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan Duration { get; set; } = TimeSpan.FromMinutes(15);
}

/// <summary>Refuses at start what would only show when a device knocks.</summary>
[OptionsValidator]
internal sealed partial class BanOptionsRanges : IValidateOptions<BanOptions>;

/// <summary>Refuses addresses that are none.</summary>
internal sealed class BanOptionsAddresses : IValidateOptions<BanOptions>
{
    public ValidateOptionsResult Validate(string? name, BanOptions options)
    {
        foreach (string address in options.Addresses)
        {
            if (!BanList.TryParseRange(address, out _))
                return ValidateOptionsResult.Fail($"Mqtt:Bans:Addresses holds '{address}', which is neither an IP address nor a CIDR range.");
        }

        return ValidateOptionsResult.Success;
    }
}
