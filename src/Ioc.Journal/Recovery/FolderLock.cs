namespace Ioc.Journal.Recovery;

/// <summary>Keeps a folder to one journal: an exclusively opened file, which the system lets go of when the process ends, however it ends.</summary>
internal sealed class FolderLock : IDisposable
{
    // EAGAIN on Linux, EAGAIN on macOS and BSD, sharing violation on Windows: .NET has no name for it.
    private static readonly int[] HeldByAnother = [11, 35, unchecked((int)0x80070020)];

    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <exception cref="JournalLockedException">Somebody else has it.</exception>
    public static FolderLock Take(string folder)
    {
        try
        {
            return new FolderLock(new FileStream(Path.Combine(folder, "journal.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException taken) when (HeldByAnother.Contains(taken.HResult))
        {
            throw new JournalLockedException(folder, taken);
        }
    }

    public void Dispose() => _file.Dispose();
}
