using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Ioc.Server.Pipeline;

/// <summary>How readings are made from what the journal holds.</summary>
public sealed class PipelineOptions
{
    /// <summary>False: the journal only; for measuring intake.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Most messages decoded into one batch.</summary>
    /// <remarks>Large enough to spread a batch's fixed cost, small enough that an alarm does not wait for it.</remarks>
    [Range(1, 65_536)]
    public int BatchMessages { get; set; } = 2_048;

    /// <summary>Batches that may wait for one consumer; a consumer that is further behind reads the journal by itself.</summary>
    /// <remarks>As many as come while the store commits: a lane that falls behind decodes a second time. The lanes share them; one takes half a megabyte.</remarks>
    [Range(1, 64)]
    public int QueuedBatches { get; set; } = 16;

    /// <summary>Least seconds between two requests to a Sparkplug node to publish its births again; 0 never asks.</summary>
    /// <remarks>A large node needs some seconds to publish hundreds of births; asking again meanwhile would only make it start over.</remarks>
    [Range(0, 86_400)]
    public int RebirthSeconds { get; set; } = 30;
}

[OptionsValidator]
internal sealed partial class PipelineOptionsValidator : IValidateOptions<PipelineOptions>;
