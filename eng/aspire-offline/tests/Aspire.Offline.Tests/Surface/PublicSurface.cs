using System.Reflection;
using System.Runtime.CompilerServices;

namespace Aspire.Offline.Tests.Surface;

/// <summary>Writes a type's public members as the list of the packages' signatures writes them.</summary>
internal static class PublicSurface
{
    private static readonly NullabilityInfoContext Nullability = new();

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(bool)] = "bool", [typeof(int)] = "int", [typeof(string)] = "string", [typeof(object)] = "object",
    };

    /// <summary><c>namespace: kind Name</c></summary>
    public static string Header(Type type)
    {
        var kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct" : type is { IsAbstract: true, IsSealed: true } ? "static class" : "class";
        return $"{type.Namespace}: {kind} {Name(type)}";
    }

    /// <summary>The base class and all interfaces, as far as they are public and say something.</summary>
    public static IEnumerable<string> Bases(Type type)
    {
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum))
        {
            yield return Name(parent);
        }

        foreach (var contract in type.IsEnum ? [] : type.GetInterfaces().Where(contract => contract.IsVisible))
        {
            yield return Name(contract);
        }
    }

    public static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            return Enum.GetNames(type);
        }

        const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

        // The compiler marks the constructor of a type with required members as obsolete, and the list has nothing obsolete.
        return type.GetConstructors(Public).Where(constructor => !constructor.IsDefined(typeof(ObsoleteAttribute))).Select(constructor => $".ctor{Parameters(constructor)}")
            .Concat(type.GetFields(Public).Select(field => $"{Static(field.IsStatic)}{Name(field.FieldType)} {field.Name}"))
            .Concat(type.GetProperties(Public).Select(Property))
            .Concat(type.GetMethods(Public).Where(IsWritten).Select(Method));
    }

    public static string Name(Type type)
    {
        if (Keywords.TryGetValue(type, out var keyword))
        {
            return keyword;
        }

        if (type.IsArray || type.IsByRef)
        {
            return type.IsArray ? $"{Name(type.GetElementType()!)}[]" : $"ref {Name(type.GetElementType()!)}";
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return $"{Name(underlying)}?";
        }

        var name = type.Name.Split('`')[0];
        var outer = type.IsNested && !type.IsGenericParameter ? $"{Name(type.DeclaringType!)}." : string.Empty;
        return type.IsGenericType ? $"{outer}{name}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : outer + name;
    }

    private static bool IsWritten(MethodInfo method) =>
        !method.IsSpecialName
        && method.GetBaseDefinition().DeclaringType != typeof(object)
        && !method.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);

    private static string Property(PropertyInfo property)
    {
        var any = property.GetMethod ?? property.SetMethod!;
        var accessors = (property.GetMethod?.IsPublic == true ? " get;" : string.Empty) + (property.SetMethod?.IsPublic == true ? " set;" : string.Empty);
        return $"{Static(any.IsStatic && !any.IsAbstract)}{Name(property.PropertyType)} {property.Name} {{{accessors} }}";
    }

    private static string Method(MethodInfo method)
    {
        var isExtension = method.IsDefined(typeof(ExtensionAttribute), inherit: false);
        var generics = method.IsGenericMethodDefinition ? method.GetGenericArguments() : [];
        var names = generics.Length == 0 ? string.Empty : $"<{string.Join(", ", generics.Select(Name))}>";
        var constraints = string.Concat(generics.Select(Constraints));
        return $"{Static(method.IsStatic && !isExtension)}{Name(method.ReturnType)} {method.Name}{names}{Parameters(method)}{constraints}";
    }

    private static string Constraints(Type parameter)
    {
        var flags = parameter.GenericParameterAttributes;
        string[] all =
        [
            .. flags.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint) ? ["class"] : Array.Empty<string>(),
            .. parameter.GetGenericParameterConstraints().Select(Name),
            .. flags.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) ? ["new()"] : Array.Empty<string>(),
        ];
        return all.Length == 0 ? string.Empty : $" where {parameter.Name} : {string.Join(", ", all)}";
    }

    private static string Parameters(MethodBase method)
    {
        var receiver = method.IsDefined(typeof(ExtensionAttribute), inherit: false) ? "this " : string.Empty;
        return $"({receiver}{string.Join(", ", method.GetParameters().Select(Parameter))})";
    }

    private static string Parameter(ParameterInfo parameter)
    {
        var isParams = parameter.IsDefined(typeof(ParamArrayAttribute), inherit: false) ? "params " : string.Empty;
        var type = parameter.ParameterType;
        var isNullable = !(type.IsByRef ? type.GetElementType()! : type).IsValueType && Nullability.Create(parameter).ReadState == NullabilityState.Nullable;
        return $"{isParams}{Name(type)}{(isNullable ? "?" : string.Empty)} {parameter.Name}{Default(parameter)}";
    }

    private static string Default(ParameterInfo parameter)
    {
        if (!parameter.HasDefaultValue)
        {
            return string.Empty;
        }

        return parameter.DefaultValue switch
        {
            null => parameter.ParameterType.IsValueType ? " = default" : " = null",
            bool value => value ? " = true" : " = false",
            var value when parameter.ParameterType.IsEnum => $" = {Enum.GetName(parameter.ParameterType, value)}",
            var value => $" = {value}",
        };
    }

    private static string Static(bool isStatic) => isStatic ? "static " : string.Empty;
}
