using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace OpenClaw.ServiceDefaults.Configuration;

/// <summary>Finds values outside the <see cref="RangeAttribute"/> of their setting. .NET's options validator names neither the value nor
/// the setting's path.</summary>
internal static class RangeErrors
{
    /// <summary>Adds one error for each value out of its range, in subsections too. Null is in every range.</summary>
    /// <param name="options">The settings. Subsections are properties whose type is a class of the same assembly.</param>
    /// <param name="path">Path of their section.</param>
    /// <param name="errors">Receives the errors.</param>
    public static void Find(object options, string path, List<string> errors)
    {
        foreach (PropertyInfo property in options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            object? value = property.GetValue(options);
            if (property.GetCustomAttribute<RangeAttribute>() is { } range)
            {
                if (!range.IsValid(value))
                {
                    errors.Add($"{path}:{property.Name} is {value}; it must be {range.Minimum} to {range.Maximum}.");
                }
            }
            else if (value is not null && property.PropertyType.IsClass && property.PropertyType.Assembly == options.GetType().Assembly)
            {
                Find(value, $"{path}:{property.Name}", errors);
            }
        }
    }
}
