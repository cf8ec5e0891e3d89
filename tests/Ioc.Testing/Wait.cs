using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Ioc.Testing;

/// <summary>The one place where tests wait: for a stated condition, with a bound.</summary>
public static class Wait
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <summary>Returns when the condition holds; throws <see cref="TimeoutException"/> that names it otherwise.</summary>
    public static Task UntilAsync(Func<bool> condition, int seconds = 60, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        UntilAsync(() => Task.FromResult(condition()), seconds, () => what);

    /// <summary>Likewise; what it waited for is told as it stands at the end.</summary>
    public static Task UntilAsync(Func<bool> condition, int seconds, Func<string> what) =>
        UntilAsync(() => Task.FromResult(condition()), seconds, what);

    /// <summary>Returns when the condition holds; throws <see cref="TimeoutException"/> that names it otherwise.</summary>
    public static Task UntilAsync(Func<Task<bool>> condition, int seconds = 60, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        UntilAsync(condition, seconds, () => what);

    /// <summary>Likewise; what it waited for is told as it stands at the end.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, int seconds, Func<string> what)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            if (waited.Elapsed.TotalSeconds > seconds)
                throw new TimeoutException($"Not within {seconds} s: {what()}");

            await Task.Delay(Poll);
        }
    }
}
