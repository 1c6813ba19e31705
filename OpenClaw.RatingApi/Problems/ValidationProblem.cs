using System.Text.Json;

namespace OpenClaw.RatingApi.Problems;

/// <summary>Reports validation errors by the JSON names of the fields, and all of them in <c>detail</c>.</summary>
internal static class ValidationProblem
{
    public static void NameFieldsAsSent(ProblemDetailsContext context)
    {
        if (context.ProblemDetails is not HttpValidationProblemDetails { Detail: null } problem)
        {
            return;
        }

        problem.Errors = problem.Errors.ToDictionary(error => JsonNamingPolicy.CamelCase.ConvertName(error.Key), error => error.Value);
        problem.Detail = string.Join(' ', problem.Errors.Values.SelectMany(messages => messages));
    }
}
