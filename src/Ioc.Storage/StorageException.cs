namespace Ioc.Storage;

/// <summary>A store cannot do its work; the message names the store and what failed.</summary>
public sealed class StorageException : Exception
{
    /// <summary>With the words an operator needs.</summary>
    public StorageException(string message)
        : base(message)
    {
    }

    /// <summary>With the words an operator needs, and the cause.</summary>
    public StorageException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>A page cursor that no page ever ended with: the caller changed or made it up.</summary>
public sealed class BadCursorException : Exception
{
    /// <summary>Names the cursor.</summary>
    /// <param name="cursor">As it came.</param>
    public BadCursorException(string cursor)
        : base($"'{(cursor.Length > 64 ? cursor[..64] : cursor)}' is not a cursor of this list.")
    {
    }
}
