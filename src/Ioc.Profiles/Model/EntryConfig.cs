namespace Ioc.Profiles.Model;

/// <summary>One item of a <c>fields:</c> list.</summary>
internal abstract record EntryConfig(SourceMark Mark);

/// <summary>Which of several: a template, optionally translated.</summary>
internal sealed record ChannelConfig(MarkedText Template, IReadOnlyList<(MarkedText Key, MarkedText Value)> Map);
