namespace Ioc.Storage.DuckDb.Native;

/// <summary>Column types the appender writes; the numbers are <c>duckdb_type</c>'s.</summary>
internal enum ColumnType
{
    SmallInt = 3,
    Integer = 4,
    BigInt = 5,
    USmallInt = 7,
    Double = 11,

    /// <summary>Microseconds since 1970 UTC, as 64 bits.</summary>
    Timestamp = 12,
}
