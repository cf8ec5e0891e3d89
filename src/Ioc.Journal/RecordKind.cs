namespace Ioc.Journal;

/// <summary>What a record is. The journal keeps it and counts publishes; it reads nothing else out of a record.</summary>
public enum RecordKind : byte
{
    /// <summary>A message a device published and that was accepted.</summary>
    Publish = 1,

    /// <summary>Something that happened to an MQTT session and must outlive the process. Not counted as a publish.</summary>
    Session = 2,

    /// <summary>From here on messages are decoded in another way, which the header names. Not counted as a publish.</summary>
    Profiles = 3,
}
