using Ioc.Storage;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace Ioc.Server.Api;

/// <summary>Turns what a caller got wrong, and a database that is away, into its answer; anything else is a fault of ours and stays one.</summary>
internal sealed class CallerErrors(IProblemDetailsService problems) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        ProblemDetails? problem = exception switch
        {
            BadParameterException bad => Problem(bad.Parameter, bad.Message),
            BadHttpRequestException bad => Problem("body", bad.Message, bad.StatusCode),
            UnknownDeviceException unknown => new ProblemDetails { Status = StatusCodes.Status404NotFound, Title = "Not found.", Detail = unknown.Message },
            StorageException away => new ProblemDetails { Status = StatusCodes.Status503ServiceUnavailable, Title = "The readings cannot be reached now.", Detail = away.Message },
            _ => null,
        };
        if (problem is null)
            return false;

        httpContext.Response.StatusCode = problem.Status!.Value;
        return await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = httpContext, ProblemDetails = problem });
    }

    private static ProblemDetails Problem(string parameter, string message, int status = StatusCodes.Status400BadRequest) => new()
    {
        Status = status,
        Title = "A parameter cannot be understood.",
        Detail = message,
        Extensions = { ["parameter"] = parameter },
    };
}
