namespace Ioc.Profiles.Model;

/// <summary>A fact about the device, kept beside its readings.</summary>
/// <param name="Mark">Where it stands.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Text">Template of its text; null when <paramref name="Field"/> has a source of its own.</param>
/// <param name="Field">Source, conversion and conditions, as of a value.</param>
internal sealed record AttributeConfig(SourceMark Mark, MarkedText Name, MarkedText? Text, FieldConfig Field) : EntryConfig(Mark);
