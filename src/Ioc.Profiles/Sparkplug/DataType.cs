namespace Ioc.Profiles.Sparkplug;

/// <summary>Type codes of Sparkplug B 3.0. Arrays are 22 to 34.</summary>
internal enum DataType : byte
{
    Unknown = 0,
    Int8 = 1,
    Int16 = 2,
    Int32 = 3,
    Int64 = 4,
    UInt8 = 5,
    UInt16 = 6,
    UInt32 = 7,
    UInt64 = 8,
    Float = 9,
    Double = 10,
    Boolean = 11,
    String = 12,

    /// <summary>Milliseconds since 1970, UTC.</summary>
    DateTime = 13,
    Text = 14,
    Uuid = 15,
    DataSet = 16,
    Bytes = 17,
    File = 18,
    Template = 19,
    LastKnown = 34,
}
