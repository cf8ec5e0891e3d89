using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Ioc.Server.Replay;

/// <summary>The section <c>Replay</c>: how much is decoded again at a time.</summary>
public sealed class ReplayOptions
{
    /// <summary>Most messages of one replay.</summary>
    /// <remarks>They are staged in the store's file, about 30 bytes a reading, until they are committed or thrown away.</remarks>
    [Range(1, 1_000_000_000)]
    public long MaxMessages { get; set; } = 5_000_000;

    /// <summary>Messages of one step of a commit, which is one transaction.</summary>
    /// <remarks>A commit of live messages waits for at most one step.</remarks>
    [Range(1, 100_000)]
    public int StepMessages { get; set; } = 1_000;

    /// <summary>Messages by which the store may be behind before a replay waits for it.</summary>
    [Range(1, 10_000_000)]
    public long LiveLag { get; set; } = 20_000;
}

[OptionsValidator]
internal sealed partial class ReplayOptionsValidator : IValidateOptions<ReplayOptions>;
