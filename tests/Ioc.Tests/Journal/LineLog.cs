using Ioc.Journal;
using Microsoft.Extensions.Logging;

namespace Ioc.Tests.Journal;

/// <summary>Keeps what is logged.</summary>
internal sealed class LineLog : ILogger<RecordJournal>
{
    public List<(LogLevel Level, string Text)> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (Lines)
            Lines.Add((logLevel, formatter(state, exception)));
    }
}
